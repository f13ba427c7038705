package dev.nametag.cli.demo;

import dev.nametag.relabel.exposition.Sample;
import java.util.List;

/**
 * What there is to see at one point of the run.
 *
 * @param id a, b or c
 * @param title what has happened so far
 * @param url where the page is
 * @param page what the simulated Envoy serves there, fetched over HTTP
 * @param series what Prometheus would store: the page's series with the labels of the scrape
 *     target, after the rules
 */
public record Stop(String id, String title, String url, String page, List<Sample> series) {
  /** Copies. */
  public Stop {
    series = List.copyOf(series);
  }
}
