package dev.nametag.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema of a CustomResourceDefinition, applied as {@code kubectl --validate=strict} would:
 * types, enums and patterns by a JSON schema validator, and fields that the schema does not name
 * are refused, which a validator alone lets pass.
 *
 * <p>Not applied: rules in CEL ({@code x-kubernetes-validations}).
 */
final class CrdSchema {
  private final String apiVersion;
  private final String kind;
  private final JsonNode schema;
  private final JsonSchema validator;

  private CrdSchema(String apiVersion, String kind, JsonNode schema) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.schema = schema;
    this.validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema.deepCopy());
  }

  /** Returns the schema of one version, which must be served. */
  static CrdSchema read(Path file, String version) {
    JsonNode spec;
    try {
      spec = TypedModels.documents(Files.readString(file)).get(0).at("/spec");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (JsonNode each : spec.at("/versions")) {
      if (each.at("/name").asText().equals(version) && each.at("/served").asBoolean()) {
        return new CrdSchema(
            spec.at("/group").asText() + "/" + version,
            spec.at("/names/kind").asText(),
            each.at("/schema/openAPIV3Schema"));
      }
    }
    throw new IllegalStateException(file + " serves no version " + version);
  }

  /** Returns everything that is wrong with a resource, each with its place. */
  List<String> problems(JsonNode resource) {
    List<String> problems = new ArrayList<>();
    if (!resource.at("/apiVersion").asText().equals(apiVersion)
        || !resource.at("/kind").asText().equals(kind)) {
      problems.add("$: not a " + kind + " of " + apiVersion);
    }
    validator.validate(resource).forEach(message -> problems.add(message.getMessage()));
    for (String field : List.of("apiVersion", "kind", "metadata")) {
      if (!resource.has(field)) {
        problems.add("$." + field + ": missing");
      }
    }
    resource
        .fields()
        .forEachRemaining(
            field -> {
              // Every resource has these, whether its schema names them or not.
              if (!List.of("apiVersion", "kind", "metadata").contains(field.getKey())) {
                findUnknown(
                    field.getValue(),
                    schema.path("properties").path(field.getKey()),
                    "$." + field.getKey(),
                    problems);
              }
            });
    return problems;
  }

  /** Source: Kubernetes, structural schemas and field pruning. */
  private static void findUnknown(
      JsonNode value, JsonNode schema, String path, List<String> problems) {
    if (schema.isMissingNode()) {
      problems.add(path + ": unknown field");
      return;
    }
    if (value.isObject()) {
      JsonNode others = schema.path("additionalProperties");
      boolean anything =
          schema.path("x-kubernetes-preserve-unknown-fields").asBoolean() || others.asBoolean();
      value
          .fields()
          .forEachRemaining(
              field -> {
                JsonNode inner = schema.path("properties").path(field.getKey());
                if (inner.isMissingNode() && others.isObject()) {
                  inner = others;
                }
                if (!inner.isMissingNode() || !anything) {
                  findUnknown(field.getValue(), inner, path + "." + field.getKey(), problems);
                }
              });
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        findUnknown(value.get(i), schema.path("items"), path + "[" + i + "]", problems);
      }
    }
  }
}
