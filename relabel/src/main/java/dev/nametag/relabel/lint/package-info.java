/**
 * Finds faults in relabel rules before they cost data, compares a configuration with a page, and a
 * deployed file with what would be generated.
 *
 * <p>Read {@link dev.nametag.relabel.lint.Lint} first: it has the list of checks. Each check is a
 * small class; what it reports is proven, where that can be, by running the engine on a series made
 * up from the rules' own regexes.
 *
 * <p>Left to others: running the rules, reading pages and YAML.
 */
package dev.nametag.relabel.lint;
