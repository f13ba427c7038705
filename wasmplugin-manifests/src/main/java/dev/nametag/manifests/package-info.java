/**
 * Reads configurations, bare or inside the manifest that carries them, and writes the manifests
 * that install the filter.
 *
 * <p>Read {@link dev.nametag.manifests.Configuration} first: it accepts exactly what the filter
 * accepts, since the same parser reads the same JSON text.
 */
package dev.nametag.manifests;
