package io.keelson.control.storage;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.CrashdumpMessages;
import io.keelson.api.messages.HostStorageCaching;
import io.keelson.api.messages.LvhdMessages;
import io.keelson.api.messages.PbdLifecycle;
import io.keelson.api.messages.PoolStorageCaching;
import io.keelson.api.messages.SrHighAvailability;
import io.keelson.api.messages.SrLifecycle;
import io.keelson.api.messages.SrSettings;
import io.keelson.api.messages.VbdConfiguration;
import io.keelson.api.messages.VbdMedia;
import io.keelson.api.messages.VbdPlugging;
import io.keelson.api.messages.VdiCopies;
import io.keelson.api.messages.VdiMigration;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.messages.VdiRegistration;
import io.keelson.api.messages.VdiSettings;
import io.keelson.api.messages.VdiSize;
import io.keelson.control.Resources;
import java.util.List;
import java.util.stream.Stream;

/** The messages of storage, with their handlers. */
public final class StorageMessages {
  private StorageMessages() {}

  /** The life of repositories, for whoever needs several of them at once. */
  public static SrLifecycle repositories(Resources resources) {
    return new SrLifecycleHandler(StorageParts.of(resources));
  }

  /** The life of disks, for the same. */
  public static VdiProvisioning disks(Resources resources) {
    return new VdiProvisioningHandler(StorageParts.of(resources));
  }

  /** The life of hosts' connections to repositories, for the same. */
  public static PbdLifecycle connections(Resources resources) {
    return new PbdLifecycleHandler(StorageParts.of(resources));
  }

  public static List<BoundMessage> all(Resources resources) {
    StorageParts parts = StorageParts.of(resources);
    HostCachingHandler caching = new HostCachingHandler(parts);
    return Stream.of(
            SrLifecycle.bind(new SrLifecycleHandler(parts)),
            SrSettings.bind(new SrSettingsHandler(resources.store())),
            SrHighAvailability.bind(new SrHighAvailabilityHandler(resources.store())),
            HostStorageCaching.bind(caching),
            PoolStorageCaching.bind(new PoolCachingHandler(resources.store(), caching)),
            LvhdMessages.bind(new LvhdHandler(resources.store())),
            PbdLifecycle.bind(new PbdLifecycleHandler(parts)),
            VdiProvisioning.bind(new VdiProvisioningHandler(parts)),
            VdiCopies.bind(new VdiCopiesHandler(parts)),
            CrashdumpMessages.bind(new CrashdumpHandler(parts)),
            VdiMigration.bind(new VdiMigrationHandler(parts)),
            VdiSize.bind(new VdiSizeHandler(parts)),
            VdiSettings.bind(new VdiSettingsHandler(parts)),
            VdiRegistration.bind(new VdiRegistrationHandler(parts)),
            VbdConfiguration.bind(new VbdConfigurationHandler(resources.store())),
            VbdPlugging.bind(new VbdPluggingHandler(parts)),
            VbdMedia.bind(new VbdMediaHandler(parts)))
        .flatMap(List::stream)
        .toList();
  }
}
