package io.keelson.control.exchange;

/**
 * What goes into an export.
 *
 * @param snapshots whether the VMs' snapshots go along
 * @param powerState whether a suspended VM stays suspended; else it is halted
 */
public record ExportOptions(boolean snapshots, boolean powerState) {}
