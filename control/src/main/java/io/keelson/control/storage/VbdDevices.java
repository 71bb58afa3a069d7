package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The places of drives: numbers from 0, which callers may also spell as a guest's device name. */
public final class VbdDevices {
  /** What a caller sends to be given the first free place. */
  static final String AUTODETECT = "autodetect";

  private static final int LAST = 254;
  private static final int LETTERS = 26;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");
  private static final Pattern NAME = Pattern.compile("(?:xvd|hd|sd)([a-z]{1,2})");

  private VbdDevices() {}

  /**
   * The place that the text names: {@code 1}, {@code xvdb}, {@code hdb} and {@code sdb} are one.
   */
  static OptionalInt parse(String text) {
    Matcher name = NAME.matcher(text);
    int number;
    if (NUMBER.matcher(text).matches()) {
      number = Integer.parseInt(text);
    } else if (name.matches()) {
      number = letters(name.group(1));
    } else {
      return OptionalInt.empty();
    }
    return number <= LAST ? OptionalInt.of(number) : OptionalInt.empty();
  }

  /** a is 0, z is 25, aa is 26. */
  private static int letters(String letters) {
    int number = 0;
    for (int i = 0; i < letters.length(); i++) {
      number = number * LETTERS + (letters.charAt(i) - 'a') + 1;
    }
    return number - 1;
  }

  /** What XenAPI's guests call the drive at that place: 0 is xvda, 26 is xvdaa. */
  public static String name(int number) {
    StringBuilder letters = new StringBuilder();
    for (int rest = number + 1; rest > 0; rest = (rest - 1) / LETTERS) {
      letters.insert(0, (char) ('a' + (rest - 1) % LETTERS));
    }
    return "xvd" + letters;
  }

  /**
   * Holds the place that a drive is to have from now on against what there is: a drive that a VM
   * has, or will have again when it resumes, stays where the guest knows it.
   *
   * @param text the place as a number
   * @throws io.keelson.api.ApiError INVALID_DEVICE, DEVICE_ALREADY_ATTACHED, DEVICE_ALREADY_EXISTS
   */
  public static void checkMove(Snapshot state, Ref<Vbd> ref, String text) {
    Vbd vbd = state.get(ApiModel.VBD, ref);
    if (vbd.userdevice().equals(text)) {
      return;
    }
    OptionalInt place = parse(text);
    if (place.isEmpty() || !Integer.toString(place.getAsInt()).equals(text)) {
      throw ApiErrors.invalidDevice(text);
    }
    boolean kept =
        switch (state.get(ApiModel.VM, vbd.vm()).powerState()) {
          case SUSPENDED -> true;
          case HALTED, RUNNING, PAUSED -> vbd.currentlyAttached();
        };
    if (kept || !vbd.currentOperations().isEmpty()) {
      throw ApiErrors.deviceAlreadyAttached(ref.text());
    }
    if (taken(state, vbd.vm()).contains(place.getAsInt())) {
      throw ApiErrors.deviceAlreadyExists(text);
    }
  }

  /** The places that the VM's drives have. */
  static Set<Integer> taken(Snapshot state, Ref<Vm> vm) {
    return state.get(ApiModel.VM, vm).vbds().stream()
        .map(vbd -> parse(state.get(ApiModel.VBD, vbd).userdevice()))
        .filter(OptionalInt::isPresent)
        .map(OptionalInt::getAsInt)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The places that the VM has free, in order: VM.get_allowed_VBD_devices. */
  public static List<String> free(Snapshot state, Ref<Vm> vm) {
    Set<Integer> taken = taken(state, vm);
    return IntStream.rangeClosed(0, LAST)
        .filter(number -> !taken.contains(number))
        .mapToObj(Integer::toString)
        .toList();
  }
}
