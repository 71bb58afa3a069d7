package io.keelson.host;

import io.keelson.host.DriverException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The devices on the PCI buses of hosts, and who may use them: the host itself, or a machine. */
public interface Devices {
  /** Hosts that tell of no devices. */
  Devices NONE =
      new Devices() {
        private static final String NOTHING = "nothing is known of the host's devices";

        @Override
        public List<PciDevice> scan(UUID host) {
          return List.of();
        }

        @Override
        public Optional<String> lacks(UUID host) {
          return Optional.of(NOTHING);
        }

        @Override
        public void prepare(UUID host, List<DeviceSpec> devices) {
          if (!devices.isEmpty()) {
            throw new DriverException(Reason.UNSUPPORTED, NOTHING);
          }
        }

        @Override
        public void release(UUID host, List<DeviceSpec> devices) {}

        @Override
        public void requireWithholding(UUID host, String address) {
          throw new DriverException(Reason.UNSUPPORTED, NOTHING);
        }

        @Override
        public void withhold(UUID host, String address) {
          requireWithholding(host, address);
        }

        @Override
        public void requireHiding(UUID host) {
          throw new DriverException(Reason.UNSUPPORTED, NOTHING);
        }

        @Override
        public void hideConsole(UUID host) {
          requireHiding(host);
        }
      };

  /** All devices that a machine could have, which bridges are not, in the order of addresses. */
  List<PciDevice> scan(UUID host);

  /** What keeps the host from giving machines whole devices (an IOMMU, for one); empty if none. */
  Optional<String> lacks(UUID host);

  /**
   * Makes the devices ready for a machine that is about to start: takes whole ones from the host's
   * drivers, makes parts. All of them or none; harmless when they are ready. Raises NOT_FOUND for a
   * device that is not there, UNSUPPORTED for what the host cannot do, NO_SPACE when all parts are
   * in use.
   */
  void prepare(UUID host, List<DeviceSpec> devices);

  /** Takes {@link #prepare} back when the machine has ended; goes on past what fails. */
  void release(UUID host, List<DeviceSpec> devices);

  /** Raises UNSUPPORTED unless {@link #withhold} could work. */
  void requireWithholding(UUID host, String address);

  /** Keeps the host's own drivers from the device, until the host boots; harmless when repeated. */
  void withhold(UUID host, String address);

  /** Raises UNSUPPORTED unless {@link #hideConsole} could work. */
  void requireHiding(UUID host);

  /** Takes the host's console from its screens, until the host boots; harmless when repeated. */
  void hideConsole(UUID host);
}
