package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.store.Snapshot;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** What a new drive may be. */
public final class NewVbd {
  private NewVbd() {}

  /**
   * The drive as it is recorded, with its place as a number.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, VBD_CDS_MUST_BE_READONLY,
   *     VBD_NOT_REMOVABLE_MEDIA, VBD_MISSING, INVALID_DEVICE, DEVICE_ALREADY_EXISTS
   */
  public static Vbd checked(Snapshot state, Vbd wanted) {
    state.get(ApiModel.VM, wanted.vm());
    boolean empty = wanted.empty();
    if (!empty && wanted.vdi().isNull() && wanted.type() != VbdType.DISK) {
      empty = true;
    }
    checkContent(state, wanted, empty);
    String place = Integer.toString(place(state, wanted));
    boolean nothing = empty;
    return wanted.with(b -> {
      b.userdevice(place).empty(nothing).currentOperations(Map.of());
      if (nothing) {
        b.vdi(Ref.none());
      }
    });
  }

  private static void checkContent(Snapshot state, Vbd wanted, boolean empty) {
    if (wanted.type() == VbdType.CD && wanted.mode() != VbdMode.RO) {
      throw ApiErrors.vbdCdsMustBeReadonly();
    }
    if (wanted.type() == VbdType.DISK && empty) {
      throw ApiErrors.vbdNotRemovableMedia("in constructor");
    }
    if (!empty) {
      Vdi vdi = state.get(ApiModel.VDI, wanted.vdi());
      if (wanted.mode() == VbdMode.RW && vdi.readOnly()) {
        throw ApiErrors.vdiReadonly(wanted.vdi().text());
      }
    }
  }

  private static int place(Snapshot state, Vbd wanted) {
    Set<Integer> taken = VbdDevices.taken(state, wanted.vm());
    if (wanted.userdevice().equals(VbdDevices.AUTODETECT)) {
      return IntStream.rangeClosed(0, taken.size())
          .filter(number -> !taken.contains(number))
          .findFirst()
          .orElseThrow();
    }
    OptionalInt place = VbdDevices.parse(wanted.userdevice());
    if (place.isEmpty()) {
      throw ApiErrors.invalidDevice(wanted.userdevice());
    }
    if (taken.contains(place.getAsInt())) {
      throw ApiErrors.deviceAlreadyExists(wanted.userdevice());
    }
    return place.getAsInt();
  }
}
