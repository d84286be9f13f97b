/** The lint stage: ruff or flake8 on the backend, ESLint on the frontend. */
@NullMarked
package dev.slipway.pipeline.lint;

import org.jspecify.annotations.NullMarked;
