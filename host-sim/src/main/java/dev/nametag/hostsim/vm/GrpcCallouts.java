package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.ProtoFields;
import dev.nametag.hostsim.hostcall.RootActions.GrpcTarget;
import dev.nametag.hostsim.hostcall.RootActions.Started;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.upstream.Clusters;
import dev.nametag.hostsim.upstream.GrpcUpstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gRPC calls and streams of one plugin in one VM.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::grpcCall to grpcCancel and
 * their handlers; source/common/grpc/async_client_impl.cc. Derived from that code: that a service
 * which names no known cluster fails with INTERNAL_FAILURE and then a close of status 14, and that
 * a timeout is a close of status 14.
 */
final class GrpcCallouts {

  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;

  private final PluginRoot root;
  private final Clusters clusters;
  private final Map<Integer, Open> open = new HashMap<>();

  GrpcCallouts(PluginRoot root, Clusters clusters) {
    this.root = root;
    this.clusters = clusters;
  }

  /** A call or stream that has begun. */
  private static final class Open {
    private final GrpcUpstream upstream;
    private final GrpcUpstream.Request request;
    private boolean localClosed;
    private boolean remoteClosed;

    Open(GrpcUpstream upstream, GrpcUpstream.Request request) {
      this.upstream = upstream;
      this.request = request;
    }
  }

  Started call(GrpcTarget target, List<Header> metadata, ByteString message, int timeoutMillis) {
    Optional<String> cluster = cluster(target.service());
    if (cluster.isEmpty()) {
      return Started.not(WasmResult.PARSE_FAILURE);
    }
    int token = root.vm().tokens().nextGrpcCall();
    Optional<GrpcUpstream> upstream = clusters.grpc(cluster.get());
    if (upstream.isEmpty()) {
      return unavailable(token);
    }
    GrpcUpstream.Request request =
        request(cluster.get(), target, metadata, Optional.of(message), true);
    Open call = new Open(upstream.get(), request);
    open.put(token, call);
    GrpcUpstream.Answer answer = upstream.get().answer(request);
    long nanos = answer.after().toNanos();
    long timeoutNanos = timeoutMillis > 0 ? timeoutMillis * 1_000_000L : Long.MAX_VALUE;
    if (nanos <= timeoutNanos) {
      root.vm().loop().after(nanos, () -> finishCall(token, call, answer.events()));
    } else {
      root.vm().loop().after(timeoutNanos, () -> failCall(token, call));
    }
    return new Started(WasmResult.OK, token);
  }

  Started stream(GrpcTarget target, List<Header> metadata) {
    Optional<String> cluster = cluster(target.service());
    if (cluster.isEmpty()) {
      return Started.not(WasmResult.PARSE_FAILURE);
    }
    int token = root.vm().tokens().nextGrpcStream();
    Optional<GrpcUpstream> upstream = clusters.grpc(cluster.get());
    if (upstream.isEmpty()) {
      return unavailable(token);
    }
    Open stream =
        new Open(upstream.get(), request(cluster.get(), target, metadata, Optional.empty(), false));
    open.put(token, stream);
    exchange(token, stream, stream.request);
    return new Started(WasmResult.OK, token);
  }

  private Started unavailable(int token) {
    root.vm().loop().post(() -> close(token, UNAVAILABLE, "Cluster not available"));
    return Started.not(WasmResult.INTERNAL_FAILURE);
  }

  WasmResult send(int token, ByteString message, boolean endOfStream) {
    if ((token & Tokens.TYPE_MASK) != Tokens.GRPC_STREAM) {
      return WasmResult.BAD_ARGUMENT;
    }
    Open stream = open.get(token);
    if (stream == null) {
      return WasmResult.NOT_FOUND;
    }
    if (!stream.remoteClosed && !stream.localClosed) {
      GrpcUpstream.Request begun = stream.request;
      exchange(
          token,
          stream,
          new GrpcUpstream.Request(
              begun.cluster(),
              begun.service(),
              begun.method(),
              begun.metadata(),
              Optional.of(message),
              endOfStream));
    }
    return WasmResult.OK;
  }

  WasmResult close(int token) {
    if ((token & Tokens.TYPE_MASK) != Tokens.GRPC_STREAM) {
      return cancel(token);
    }
    Open stream = open.get(token);
    if (stream == null) {
      return WasmResult.NOT_FOUND;
    }
    stream.localClosed = true;
    if (stream.remoteClosed) {
      open.remove(token);
    }
    return WasmResult.OK;
  }

  WasmResult cancel(int token) {
    int type = token & Tokens.TYPE_MASK;
    if (type != Tokens.GRPC_CALL && type != Tokens.GRPC_STREAM) {
      return WasmResult.BAD_ARGUMENT;
    }
    return open.remove(token) == null ? WasmResult.NOT_FOUND : WasmResult.OK;
  }

  private void exchange(int token, Open stream, GrpcUpstream.Request request) {
    GrpcUpstream.Answer answer = stream.upstream.answer(request);
    root.vm().loop().after(answer.after().toNanos(), () -> receive(token, stream, answer.events()));
  }

  private void receive(int token, Open stream, List<GrpcUpstream.Event> events) {
    for (GrpcUpstream.Event event : events) {
      if (open.get(token) != stream || stream.remoteClosed) {
        return;
      }
      if (event instanceof GrpcUpstream.InitialMetadata initial) {
        root.results().show(HeaderMapType.GRPC_RECEIVE_INITIAL_METADATA, initial.metadata());
        root.call(Callback.ON_GRPC_RECEIVE_INITIAL_METADATA, token, initial.metadata().size());
      } else if (event instanceof GrpcUpstream.Message message) {
        message(token, message.bytes());
      } else if (event instanceof GrpcUpstream.TrailingMetadata trailing) {
        root.results().show(HeaderMapType.GRPC_RECEIVE_TRAILING_METADATA, trailing.metadata());
        root.call(Callback.ON_GRPC_RECEIVE_TRAILING_METADATA, token, trailing.metadata().size());
      } else if (event instanceof GrpcUpstream.Close close) {
        stream.remoteClosed = true;
        if (stream.localClosed) {
          open.remove(token);
        }
        close(token, close.status(), close.message());
      }
      root.results().clear();
    }
  }

  private void finishCall(int token, Open call, List<GrpcUpstream.Event> events) {
    if (!open.remove(token, call)) {
      return;
    }
    Optional<GrpcUpstream.Message> message = first(events, GrpcUpstream.Message.class);
    Optional<GrpcUpstream.Close> close = first(events, GrpcUpstream.Close.class);
    if (close.isPresent() && close.get().status() != 0) {
      close(token, close.get().status(), close.get().message());
    } else if (message.isPresent()) {
      message(token, message.get().bytes());
    } else {
      close(token, INTERNAL, "");
    }
  }

  private static <T> Optional<T> first(List<GrpcUpstream.Event> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private void failCall(int token, Open call) {
    if (open.remove(token, call)) {
      close(token, UNAVAILABLE, "upstream request timeout");
    }
  }

  private void message(int token, ByteString bytes) {
    root.results().show(BufferType.GRPC_RECEIVE_BUFFER, bytes);
    root.call(Callback.ON_GRPC_RECEIVE, token, bytes.size());
    root.results().clear();
  }

  private void close(int token, int status, String message) {
    root.results().show(status, ByteString.utf8(message));
    root.call(Callback.ON_GRPC_CLOSE, token, status);
    root.results().clear();
  }

  private static GrpcUpstream.Request request(
      String cluster,
      GrpcTarget target,
      List<Header> metadata,
      Optional<ByteString> message,
      boolean endOfStream) {
    return new GrpcUpstream.Request(
        cluster,
        target.serviceName().toString(),
        target.method().toString(),
        metadata,
        message,
        endOfStream);
  }

  /** The cluster that the description of a service names, or that it is the name of. */
  private Optional<String> cluster(ByteString service) {
    Optional<ProtoFields> message = ProtoFields.parse(service);
    if (message.isEmpty()) {
      return Optional.of(service.toString()).filter(clusters::knows);
    }
    return Optional.of(
        ProtoFields.parse(message.get().bytes(1))
            .map(envoyGrpc -> envoyGrpc.bytes(1).toString())
            .orElse(""));
  }
}
