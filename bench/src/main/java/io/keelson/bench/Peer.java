package io.keelson.bench;

/** A control plane under test. */
interface Peer extends AutoCloseable {

  String name();

  /** Starts it, or starts it again on what it had, and returns when it answers a full list. */
  void start();

  /** Ends its process as a power cut would. */
  void kill();

  /** A connection of its own, logged in where the peer knows of that. */
  Client connect();

  @Override
  void close();

  /** One connection. A call returns when the peer has acknowledged it. */
  interface Client extends AutoCloseable {

    /** Defines a virtual machine without disks: 32 MiB, one processor. */
    String define(String name);

    void undefine(String vm);

    /** Starts it; it is running on return. */
    void run(String vm);

    /** Ends it hard; it is gone on return. */
    void stop(String vm);

    /** Reads the full records of all virtual machines; returns the number of bytes. */
    long listAll();

    /** Reads one full record; returns the number of bytes. */
    long read(String vm);

    /** Writes one field of it, durably. */
    void describe(String vm, String text);

    /** What {@link #describe} last wrote. */
    String description(String vm);

    @Override
    void close();
  }
}
