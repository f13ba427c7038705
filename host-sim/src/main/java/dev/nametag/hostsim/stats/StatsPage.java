package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;

/** A form of {@code /stats}: text readouts come first, histograms last. */
interface StatsPage {

  void text(ByteString name, String value);

  void number(ByteString name, long value);

  void histogram(ByteString name, Histogram histogram);

  byte[] done();
}
