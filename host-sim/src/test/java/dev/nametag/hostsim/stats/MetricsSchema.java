package dev.nametag.hostsim.stats;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;

/** What Envoy uses of prometheus/client_model io/prometheus/client/metrics.proto. */
final class MetricsSchema {

  private static final FieldDescriptorProto.Label OPTIONAL =
      FieldDescriptorProto.Label.LABEL_OPTIONAL;
  private static final FieldDescriptorProto.Label REPEATED =
      FieldDescriptorProto.Label.LABEL_REPEATED;

  private MetricsSchema() {}

  static FileDescriptor get() throws DescriptorValidationException {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("metrics.proto")
            .setSyntax("proto2")
            .addMessageType(type("LabelPair", text("name", 1), text("value", 2)))
            .addMessageType(type("Gauge", number("value", 1)))
            .addMessageType(type("Counter", number("value", 1)))
            .addMessageType(type("Quantile", number("quantile", 1), number("value", 2)))
            .addMessageType(
                type(
                    "Summary",
                    count("sample_count", 1),
                    number("sample_sum", 2),
                    many("quantile", 3, "Quantile")))
            .addMessageType(type("Bucket", count("cumulative_count", 1), number("upper_bound", 2)))
            .addMessageType(
                type(
                    "Histogram",
                    count("sample_count", 1),
                    number("sample_sum", 2),
                    many("bucket", 3, "Bucket"),
                    field("schema", 5, FieldDescriptorProto.Type.TYPE_SINT32, OPTIONAL),
                    number("zero_threshold", 6),
                    count("zero_count", 7),
                    many("positive_span", 12, "BucketSpan"),
                    field("positive_delta", 13, FieldDescriptorProto.Type.TYPE_SINT64, REPEATED)))
            .addMessageType(
                type(
                    "BucketSpan",
                    field("offset", 1, FieldDescriptorProto.Type.TYPE_SINT32, OPTIONAL),
                    field("length", 2, FieldDescriptorProto.Type.TYPE_UINT32, OPTIONAL)))
            .addMessageType(
                type(
                    "Metric",
                    many("label", 1, "LabelPair"),
                    one("gauge", 2, "Gauge"),
                    one("counter", 3, "Counter"),
                    one("summary", 4, "Summary"),
                    one("histogram", 7, "Histogram")))
            .addMessageType(
                type(
                    "MetricFamily",
                    text("name", 1),
                    field("type", 3, FieldDescriptorProto.Type.TYPE_INT32, OPTIONAL),
                    many("metric", 4, "Metric")))
            .build();
    return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
  }

  private static DescriptorProto type(String name, FieldDescriptorProto.Builder... fields) {
    DescriptorProto.Builder type = DescriptorProto.newBuilder().setName(name);
    for (FieldDescriptorProto.Builder field : fields) {
      type.addField(field);
    }
    return type.build();
  }

  private static FieldDescriptorProto.Builder text(String name, int number) {
    return field(name, number, FieldDescriptorProto.Type.TYPE_STRING, OPTIONAL);
  }

  private static FieldDescriptorProto.Builder number(String name, int number) {
    return field(name, number, FieldDescriptorProto.Type.TYPE_DOUBLE, OPTIONAL);
  }

  private static FieldDescriptorProto.Builder count(String name, int number) {
    return field(name, number, FieldDescriptorProto.Type.TYPE_UINT64, OPTIONAL);
  }

  private static FieldDescriptorProto.Builder one(String name, int number, String type) {
    return field(name, number, FieldDescriptorProto.Type.TYPE_MESSAGE, OPTIONAL).setTypeName(type);
  }

  private static FieldDescriptorProto.Builder many(String name, int number, String type) {
    return field(name, number, FieldDescriptorProto.Type.TYPE_MESSAGE, REPEATED).setTypeName(type);
  }

  private static FieldDescriptorProto.Builder field(
      String name, int number, FieldDescriptorProto.Type type, FieldDescriptorProto.Label label) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(label);
  }
}
