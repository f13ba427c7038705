package dev.nametag.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads resources into fabric8's typed models, strictly: a field that the model does not have is
 * refused at every level. The YAML reader is Jackson's, so that ours does not check itself.
 */
final class TypedModels {
  private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());

  static {
    MAPPER.setAnnotationIntrospector(
        new JacksonAnnotationIntrospector() {
          private static final long serialVersionUID = 1L;

          /** Without the models' catch-all for unknown fields, Jackson refuses them. */
          @Override
          public Boolean hasAnySetter(Annotated annotated) {
            return false;
          }
        });
  }

  private TypedModels() {}

  /** Returns the documents of a YAML text. */
  static List<JsonNode> documents(String yaml) {
    try (var documents = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      return new ArrayList<>(documents.readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the typed resource; an exception names a field that the type does not have. */
  static <T> T read(JsonNode resource, Class<T> type) throws JsonProcessingException {
    return MAPPER.treeToValue(resource, type);
  }

  /** Returns JSON text as a tree, to compare with. */
  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a value that a model holds as a tree. */
  static JsonNode tree(Object value) {
    return new ObjectMapper().valueToTree(value);
  }
}
