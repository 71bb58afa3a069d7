package io.keelson.host.machine;

import io.keelson.host.Diagnostics;
import java.util.List;

/**
 * What a report of a Linux machine can be about.
 *
 * @param key by which it is asked for
 * @param personal whether names and addresses of people and machines may be in it
 * @param files below the root, without the first slash
 * @param commands with their arguments, none of which has a space
 */
record ReportSubject(String key, boolean personal, List<String> files, List<String> commands) {
  static final List<ReportSubject> ALL =
      List.of(
          new ReportSubject(
              "kernel-info",
              false,
              List.of(
                  "proc/version", "proc/cmdline", "proc/modules", "proc/meminfo", "proc/loadavg"),
              List.of("dmesg")),
          new ReportSubject(
              "hardware-info",
              false,
              List.of("proc/cpuinfo"),
              List.of("lscpu", "lspci -nnk", "lsblk -a")),
          new ReportSubject(
              "disk-info", false, List.of("proc/mounts"), List.of("df -hT", "lsblk -f")),
          new ReportSubject(
              "network-status",
              true,
              List.of(),
              List.of(
                  "ip -details address",
                  "ip route show table all",
                  "ip -6 route",
                  "ip neighbour",
                  "ss -tunlp",
                  "ovs-vsctl show",
                  "nft list ruleset")),
          new ReportSubject(
              "process-list", true, List.of(), List.of("ps -eo pid,ppid,user,stat,rss,etime,comm")),
          new ReportSubject(
              "system-services",
              false,
              List.of(),
              List.of("systemctl list-units --all --no-pager")),
          new ReportSubject(
              "system-logs", true, List.of(), List.of("journalctl --no-pager -n 5000")));

  /** As the driver's interface has it. */
  Diagnostics.Subject subject() {
    return new Diagnostics.Subject(key, personal);
  }
}
