package io.keelson.model;

/**
 * What the model says of a role.
 *
 * @param name its name_label
 */
public record RoleFacts(String name, String summary) {}
