/**
 * JSON text (RFC 8259), strictly: the one parser that reads a configuration, in the filter and in
 * the tools. Values are plain Java objects: {@link java.util.Map}, {@link java.util.List}, {@link
 * java.lang.String}, {@link dev.nametag.naming.json.JsonNumber}, {@link java.lang.Boolean} and
 * {@code null}.
 */
package dev.nametag.naming.json;
