package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One side of a stream that is played from a script: writes down what it gets, and keeps what it
 * has to say while it is made to wait.
 */
final class ScriptedEnd implements Downstream {

  private final Consumer<Runnable> turn;
  private final Wire.Recorder wire = new Wire.Recorder();
  private final Queue<Runnable> unsent = new ArrayDeque<>();
  private boolean paused;

  /** An end of a stream in whose turn it speaks. */
  ScriptedEnd(Consumer<Runnable> turn) {
    this.turn = turn;
  }

  /** Says something now, or after what it has still to say. */
  void send(Runnable said) {
    unsent.add(said);
    turn.accept(this::sendNext);
  }

  /**
   * Sends a body with frames of metadata between its parts. Where a frame comes after the last
   * part, the end is a part of its own, without bytes.
   */
  void send(
      List<ByteString> body,
      List<MetadataFrame> frames,
      boolean ends,
      BiConsumer<ByteString, Boolean> part,
      Consumer<Map<String, String>> metadata) {
    boolean framesLast = frames.stream().anyMatch(frame -> frame.afterParts() >= body.size());
    for (int i = 0; i < body.size(); i++) {
      sendFrames(frames, i, i, metadata);
      ByteString chunk = body.get(i);
      boolean end = ends && !framesLast && i == body.size() - 1;
      send(() -> part.accept(chunk, end));
    }
    sendFrames(frames, body.size(), Integer.MAX_VALUE, metadata);
    if (framesLast && ends) {
      send(() -> part.accept(ByteString.EMPTY, true));
    }
  }

  private void sendFrames(
      List<MetadataFrame> frames, int from, int to, Consumer<Map<String, String>> metadata) {
    for (MetadataFrame frame : frames) {
      if (frame.afterParts() >= from && frame.afterParts() <= to) {
        send(() -> metadata.accept(frame.elements()));
      }
    }
  }

  void pause(boolean wanted) {
    paused = wanted;
    turn.accept(this::sendNext);
  }

  /** One thing at a time, since each can make this end wait. */
  private void sendNext() {
    if (!paused && !unsent.isEmpty()) {
      unsent.remove().run();
      turn.accept(this::sendNext);
    }
  }

  Wire done() {
    return wire.done();
  }

  @Override
  public void pauseRequest(boolean wanted) {
    pause(wanted);
  }

  @Override
  public void informational(List<Header> headers) {
    wire.informational(headers);
  }

  @Override
  public void headers(List<Header> headers, boolean endOfStream) {
    wire.headers(headers, endOfStream);
  }

  @Override
  public void metadata(Map<String, String> elements) {
    wire.metadata(elements);
  }

  @Override
  public void body(ByteString chunk, boolean endOfStream) {
    wire.body(chunk, endOfStream);
  }

  @Override
  public void trailers(List<Header> trailers) {
    wire.trailers(trailers);
  }

  @Override
  public void reset() {
    wire.reset();
  }
}
