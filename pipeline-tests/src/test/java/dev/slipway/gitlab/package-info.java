/**
 * Proves that {@code .gitlab-ci.yml} says what Slipway promises, without a GitLab.
 *
 * <p>The resource {@code ci-schema.json} is the schema that GitLab publishes as {@code
 * app/assets/javascripts/editor/schema/ci.json}, unchanged; its licence stands beside it.
 */
@NullMarked
package dev.slipway.gitlab;

import org.jspecify.annotations.NullMarked;
