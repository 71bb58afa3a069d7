package io.keelson.host.storage;

import java.nio.file.Files;

/** What runs in a machine whose kernel has device-mapper, an iSCSI initiator and SMB. */
final class StorageInMachine {
  private StorageInMachine() {}

  public static void main(String[] arguments) throws Exception {
    new LvmInMachine(Files.createTempDirectory("iscsi")).disksOfATarget();
    say("lvmoiscsi");
    new LvmInMachine(Files.createTempDirectory("local")).localDevices();
    say("lvm");
    new SmbInMachine(Files.createTempDirectory("smb")).sharesOfAServer();
    say("smb");
  }

  @SuppressWarnings("SystemOut")
  private static void say(String what) {
    System.out.println("passed: " + what);
  }
}
