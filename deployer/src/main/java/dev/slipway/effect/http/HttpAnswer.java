package dev.slipway.effect.http;

/**
 * What came back.
 *
 * @param status the HTTP status
 * @param body the text of the body
 */
public record HttpAnswer(int status, String body) {}
