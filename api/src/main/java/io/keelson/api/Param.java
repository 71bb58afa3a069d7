package io.keelson.api;

import java.util.Optional;

/**
 * A parameter of a message.
 *
 * @param fallback what an older client means that leaves the parameter off the end
 */
public record Param<T>(String name, Type<T> type, Optional<T> fallback) {}
