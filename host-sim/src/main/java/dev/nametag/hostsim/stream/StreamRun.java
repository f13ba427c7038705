package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.vm.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Plays a script through a stream, step by step. */
public final class StreamRun implements Upstream {

  /** Modules can make ever new events. */
  private static final int MAX_EVENTS = 100_000;

  private final Worker worker;
  private final StreamScript script;
  private final ScriptedEnd client = new ScriptedEnd(this::inTurn);
  private final List<UpstreamAttempt> attempts = new CopyOnWriteArrayList<>();
  private final List<ScriptedEnd> tries = new CopyOnWriteArrayList<>();
  private final HttpStream stream;
  private int played;

  /**
   * What came of a script.
   *
   * @param client what the client got
   * @param upstream what upstream got, try by try
   */
  public record Outcome(StreamResult result, Wire client, List<Wire> upstream) {

    /** Copies. */
    public Outcome {
      upstream = List.copyOf(upstream);
    }
  }

  private StreamRun(Worker worker, StreamScript script) {
    this.worker = worker;
    this.script = script;
    this.stream = HttpStream.on(worker, script.setup(), client, this);
  }

  /** Runs the scenario on the worker, in turn with other streams. */
  public static StreamResult run(Worker worker, StreamScenario scenario) {
    return play(worker, scenario.script()).result();
  }

  /** Plays the script on the worker, in turn with other streams. */
  public static Outcome play(Worker worker, StreamScript script) {
    return new StreamRun(worker, script).play();
  }

  private Outcome play() {
    boolean hasMore = !script.body().isEmpty() || !script.metadata().isEmpty();
    boolean open = script.unfinished() || script.trailers().isPresent();
    stream.requestHeaders(script.headers(), !hasMore && !open);
    client.send(
        script.body(), script.metadata(), !open, stream::requestBody, stream::requestMetadata);
    script.trailers().ifPresent(list -> client.send(() -> stream.requestTrailers(list)));
    upstreamSpeaks();
    for (StreamScript.Interruption interruption : script.interruptions()) {
      if (interruption instanceof StreamScript.Interruption.TimedOut timedOut) {
        stream.timeout(timedOut.timeout());
      } else if (interruption instanceof StreamScript.Interruption.ClientGone gone) {
        stream.clientGone(gone.flags(), gone.details());
      }
      upstreamSpeaks();
    }
    awaitModule();
    if (!stream.ended()) {
      stream.clientLeft();
    }
    return new Outcome(
        stream.result(), client.done(), tries.stream().map(ScriptedEnd::done).toList());
  }

  /** A module that holds the stream may wait for a tick or for an answer to a call of its own. */
  private void awaitModule() {
    long end = worker.patienceEndNanos();
    boolean more = true;
    for (int i = 0; i < MAX_EVENTS && !stream.ended() && more; i++) {
      more = stream.awaitNext(end);
      // What was due may have been done in the thread that does it as time goes by.
      more |= upstreamSpeaks();
    }
  }

  /**
   * Each try that came about is answered, and so are those that come about by that.
   *
   * @return whether there was one
   */
  private boolean upstreamSpeaks() {
    int before = played;
    while (played < attempts.size()) {
      UpstreamAttempt attempt = attempts.get(played++);
      if (played > script.upstream().size()) {
        continue;
      }
      StreamScript.Act act = script.upstream().get(played - 1);
      if (act instanceof StreamScript.Act.Respond respond) {
        respond(attempt, respond);
      } else if (act instanceof StreamScript.Act.Break broken) {
        attempt.reset(broken.failure());
      }
    }
    return played > before;
  }

  private void respond(UpstreamAttempt attempt, StreamScript.Act.Respond respond) {
    ScriptedEnd end = end(attempt);
    respond.informational().forEach(code -> attempt.informational(List.of(status(code))));
    List<Header> headers = new ArrayList<>();
    headers.add(status(respond.code()));
    headers.addAll(respond.headers());
    boolean ends =
        respond.after() instanceof StreamScript.After.End && respond.trailers().isEmpty();
    boolean hasMore = !respond.body().isEmpty() || !respond.metadata().isEmpty();
    end.send(() -> attempt.headers(headers, ends && !hasMore));
    end.send(respond.body(), respond.metadata(), ends, attempt::body, attempt::metadata);
    respond.trailers().ifPresent(list -> end.send(() -> attempt.trailers(list)));
    if (respond.after() instanceof StreamScript.After.Break broken) {
      end.send(() -> attempt.reset(broken.failure()));
    }
  }

  private void inTurn(Runnable said) {
    stream.inTurn(said);
  }

  private static Header status(int code) {
    return Header.of(":status", Integer.toString(code));
  }

  private ScriptedEnd end(UpstreamAttempt attempt) {
    return tries.get(attempts.indexOf(attempt));
  }

  @Override
  public void headers(UpstreamAttempt attempt, List<Header> headers, boolean endOfStream) {
    tries.add(new ScriptedEnd(this::inTurn));
    attempts.add(attempt);
    end(attempt).headers(headers, endOfStream);
  }

  @Override
  public void metadata(UpstreamAttempt attempt, Map<String, String> elements) {
    end(attempt).metadata(elements);
  }

  @Override
  public void body(UpstreamAttempt attempt, ByteString chunk, boolean endOfStream) {
    end(attempt).body(chunk, endOfStream);
  }

  @Override
  public void trailers(UpstreamAttempt attempt, List<Header> trailers) {
    end(attempt).trailers(trailers);
  }

  @Override
  public void reset(UpstreamAttempt attempt) {
    end(attempt).reset();
  }

  @Override
  public void pauseResponse(UpstreamAttempt attempt, boolean paused) {
    end(attempt).pause(paused);
  }
}
