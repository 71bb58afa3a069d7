package io.keelson.host;

/**
 * What has to become true together with a disk's move to another image: it is done while every
 * write of the guest stands still, and both images hold the same.
 */
public interface Handover {
  /** Nothing more to be done. */
  Handover NONE =
      new Handover() {
        @Override
        public void commit() {}

        @Override
        public void rollback() {}
      };

  /** Makes the new image the one that counts, durably; when it fails the disk stays where it is. */
  void commit();

  /** Takes {@link #commit} back, as the disk has stayed where it was. */
  void rollback();
}
