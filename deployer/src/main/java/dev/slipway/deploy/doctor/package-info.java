/** What a deployment needs of its server, each with its fix. */
@NullMarked
package dev.slipway.deploy.doctor;

import org.jspecify.annotations.NullMarked;
