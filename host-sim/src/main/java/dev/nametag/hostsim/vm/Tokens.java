package dev.nametag.hostsim.vm;

/**
 * The tokens of one VM's calls, which all its plugins share: HTTP 4, 8, …, gRPC calls 5, 9, … and
 * streams 6, 10, …, names 1, 2, ….
 *
 * <p>Source: proxy-wasm-cpp-host include/proxy-wasm/wasm.h, nextHttpCallId and its siblings; Envoy
 * source/extensions/common/wasm/wasm.h, nextDnsToken.
 */
final class Tokens {

  static final int TYPE_MASK = 3;
  static final int GRPC_CALL = 1;
  static final int GRPC_STREAM = 2;

  private static final int INCREMENT = 4;

  private int lastHttpCall;
  private int lastGrpcCall = GRPC_CALL;
  private int lastGrpcStream = GRPC_STREAM;
  private int lastName;

  int nextHttpCall() {
    lastHttpCall += INCREMENT;
    return lastHttpCall;
  }

  int nextGrpcCall() {
    lastGrpcCall += INCREMENT;
    return lastGrpcCall;
  }

  int nextGrpcStream() {
    lastGrpcStream += INCREMENT;
    return lastGrpcStream;
  }

  int nextName() {
    lastName++;
    return lastName;
  }
}
