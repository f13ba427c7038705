package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.BitSet;
import java.util.List;

/**
 * A tag that every stat has. Source: Envoy source/common/stats/tag_extractor_impl.h,
 * TagExtractorFixedImpl.
 */
record FixedTagExtractor(String tagName, String value) implements TagExtractor {

  @Override
  public String prefixToken() {
    return "";
  }

  @Override
  public boolean extract(String name, List<Tag> tags, BitSet removed) {
    return tags.add(new Tag(tagName, ByteString.utf8(value)));
  }
}
