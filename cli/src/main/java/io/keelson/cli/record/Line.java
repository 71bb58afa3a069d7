package io.keelson.cli.record;

/** A line of a record, as commands show it. */
public record Line(String label, String text) {}
