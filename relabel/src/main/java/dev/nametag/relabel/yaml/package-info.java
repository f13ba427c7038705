/**
 * YAML in and out, as this project needs it: untrusted files are read within bounds and with the
 * line of every value ({@link dev.nametag.relabel.yaml.YamlReader}), and what is written reads back
 * the same in any YAML 1.1 or 1.2 reader ({@link dev.nametag.relabel.yaml.YamlWriter}).
 *
 * <p>Scanning and parsing are snakeyaml-engine's; what a scalar means, which aliases are followed
 * and what a key may be is decided here. JSON is YAML too.
 *
 * <p>Left to others: what the documents mean.
 */
package dev.nametag.relabel.yaml;
