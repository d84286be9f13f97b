/** YAML with the lines that things stand on, and what is wrong with a file, all of it at once. */
@NullMarked
package dev.slipway.platform.yaml;

import org.jspecify.annotations.NullMarked;
