package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.upstream.GrpcUpstream;
import dev.nametag.hostsim.upstream.HttpCall;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What filters have asked of clusters in a test, in order. */
final class Calls {

  private final List<HttpCall> http = new CopyOnWriteArrayList<>();
  private final List<GrpcUpstream.Request> grpc = new CopyOnWriteArrayList<>();

  HttpUpstream recordingHttp(HttpUpstream upstream) {
    return call -> {
      http.add(call);
      return upstream.answer(call);
    };
  }

  GrpcUpstream recordingGrpc(GrpcUpstream upstream) {
    return request -> {
      grpc.add(request);
      return upstream.answer(request);
    };
  }

  List<HttpCall> http(String cluster) {
    return http.stream().filter(call -> call.cluster().equals(cluster)).toList();
  }

  List<GrpcUpstream.Request> grpc(String cluster) {
    return grpc.stream().filter(request -> request.cluster().equals(cluster)).toList();
  }

  void clear() {
    http.clear();
    grpc.clear();
  }
}
