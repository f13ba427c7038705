/**
 * The admin endpoints, apart from the socket that serves them.
 *
 * <p>Only what the simulator really knows is there: {@code /stats}, {@code /stats/prometheus} and
 * {@code /ready}.
 */
package dev.nametag.hostsim.admin;
