package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** IP addresses as callers send them. */
final class Addresses {
  private static final Pattern V4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern V6 =
      Pattern.compile(
          "([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}"
              + "|([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){0,6})?::"
              + "([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){0,6})?");

  private Addresses() {}

  /**
   * @throws io.keelson.api.ApiError INVALID_IP_ADDRESS_SPECIFIED
   */
  static String v4(String text) {
    return checked(V4, text, "ipv4_allowed");
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_IP_ADDRESS_SPECIFIED
   */
  static String v6(String text) {
    return checked(V6, text, "ipv6_allowed");
  }

  /**
   * An address of either kind.
   *
   * @throws io.keelson.api.ApiError INVALID_IP_ADDRESS_SPECIFIED with the parameter
   */
  static String checked(String text, String parameter) {
    return V6.matcher(text).matches() ? text : v4(text, parameter);
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_IP_ADDRESS_SPECIFIED with the parameter
   */
  static String v4(String text, String parameter) {
    return checked(V4, text, parameter);
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_IP_ADDRESS_SPECIFIED with the parameter
   */
  static String v6(String text, String parameter) {
    return checked(V6, text, parameter);
  }

  private static String checked(Pattern pattern, String text, String parameter) {
    if (!pattern.matcher(text).matches()) {
      throw ApiErrors.invalidIpAddressSpecified(parameter);
    }
    return text;
  }

  static List<String> plus(List<String> list, String value) {
    if (list.contains(value)) {
      return list;
    }
    List<String> longer = new ArrayList<>(list);
    longer.add(value);
    return List.copyOf(longer);
  }

  static List<String> minus(List<String> list, String value) {
    return list.stream().filter(each -> !each.equals(value)).toList();
  }
}
