package io.keelson.control.network;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifIpv4ConfigurationMode;
import io.keelson.api.model.VifIpv6ConfigurationMode;
import io.keelson.api.model.VifLockingMode;
import io.keelson.api.model.VifOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.HostId;
import io.keelson.control.vm.rule.GuestFeatures;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestAddressing;
import io.keelson.host.GuestAddressing.Address;
import io.keelson.host.GuestAddressing.Family;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a guest's card an address, at once where the guest runs, and else when its agent comes up.
 *
 * <p>The record changes with the claim: whoever finds the guest without the address meanwhile must
 * not bring a former one back.
 */
record AddressVif(Compute compute, Ref<Vif> vif, Family family, Optional<Address> wanted)
    implements Steps<AddressVif.Plan, AddressVif.Plan> {

  /**
   * What is to be done.
   *
   * @param guest that is to be told, if one is
   */
  record Plan(Ref<Vm> vm, Optional<Guest> guest, Optional<Address> former, String mac) {
    GuestAddressing change(Family family, Optional<Address> wanted) {
      return new GuestAddressing(mac, family, former, wanted);
    }
  }

  /** Where a guest runs. */
  record Guest(UUID host, UUID vm) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Vif record = tx.get(ApiModel.VIF, vif);
    wanted.ifPresent(address -> checkLock(record, address));
    raise(VifRules.busy(vif, record));
    Plan plan =
        new Plan(
            record.vm(),
            guest(tx, record),
            StaticAddresses.wanted(record, family),
            StaticAddresses.mac(record));
    write(tx, wanted);
    claims.add(ApiModel.VIF, vif, VifFields.CURRENT_OPERATIONS, VifOperations.ATTACH);
    return plan;
  }

  private void checkLock(Vif record, Address address) {
    List<String> allowed =
        switch (family) {
          case IPV4 -> record.ipv4Allowed();
          case IPV6 -> record.ipv6Allowed();
        };
    if (record.lockingMode() == VifLockingMode.LOCKED
        && !allowed.contains(address.ip().replaceFirst("/.*", ""))) {
      throw ApiErrors.addressViolatesLockingConstraint(address.ip());
    }
  }

  /** A guest that stands still can neither be told now nor found out about later. */
  private static Optional<Guest> guest(Transaction tx, Vif record) {
    Vm vm = tx.get(ApiModel.VM, record.vm());
    return switch (vm.powerState()) {
      case HALTED -> Optional.empty();
      case PAUSED, SUSPENDED ->
          throw ApiErrors.vmBadPowerState(
              record.vm().text(), "halted, running", lower(vm.powerState()));
      case RUNNING -> {
        if (!record.currentlyAttached()) {
          yield Optional.empty();
        }
        if (!GuestFeatures.canSetAddresses(tx, vm)) {
          throw ApiErrors.vmLacksFeatureStaticIpSetting(record.vm().text());
        }
        yield Optional.of(new Guest(HostId.of(tx, vm.residentOn()), UUID.fromString(vm.uuid())));
      }
    };
  }

  private static String lower(VmPowerState state) {
    return state.text().toLowerCase(Locale.ROOT);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    try {
      plan.guest().ifPresent(guest -> tell(guest, plan.change(family, wanted)));
      return plan;
    } catch (DriverException e) {
      if (e.reason() == Reason.UNSUPPORTED) {
        throw ApiErrors.vmLacksFeatureStaticIpSetting(plan.vm().text());
      }
      throw e;
    }
  }

  private void tell(Guest guest, GuestAddressing change) {
    if (change.from().isPresent() || change.to().isPresent()) {
      compute.setAddress(guest.host(), guest.vm(), change);
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {}

  @Override
  public void revert(Plan plan, Plan done) {
    plan.guest()
        .ifPresent(
            guest -> tell(guest, new GuestAddressing(plan.mac(), family, wanted, plan.former())));
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    if (tx.find(ApiModel.VIF, vif).isPresent()) {
      write(tx, plan.former());
    }
  }

  private void write(Transaction tx, Optional<Address> address) {
    List<String> ips = address.map(Address::ip).stream().toList();
    String gateway = address.map(Address::gateway).orElse("");
    tx.update(
        ApiModel.VIF,
        vif,
        v ->
            v.with(b -> {
              Vif.Builder _ =
                  switch (family) {
                    case IPV4 ->
                        b.ipv4ConfigurationMode(
                                address.isPresent()
                                    ? VifIpv4ConfigurationMode.STATIC
                                    : VifIpv4ConfigurationMode.NONE)
                            .ipv4Addresses(ips)
                            .ipv4Gateway(gateway);
                    case IPV6 ->
                        b.ipv6ConfigurationMode(
                                address.isPresent()
                                    ? VifIpv6ConfigurationMode.STATIC
                                    : VifIpv6ConfigurationMode.NONE)
                            .ipv6Addresses(ips)
                            .ipv6Gateway(gateway);
                  };
            }));
  }
}
