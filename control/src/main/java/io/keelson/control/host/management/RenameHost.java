package io.keelson.control.host.management;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.host.Agent;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.DriverException;
import io.keelson.host.Machine;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a host's machine another name, and its records. */
record RenameHost(Machine machine, Agent agent, Ref<Host> host, String hostname)
    implements Steps<RenameHost.Plan, RenameHost.Plan> {
  private static final Logger LOG = LoggerFactory.getLogger(RenameHost.class);

  /** As Linux has it. */
  private static final int LONGEST = 64;

  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  /**
   * What is to be done.
   *
   * @param own whether this server is the host's
   */
  record Plan(UUID host, String before, boolean own) {}

  /**
   * @throws io.keelson.api.ApiError HOST_NAME_INVALID
   */
  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Host record = tx.get(ApiModel.HOST, host);
    if (hostname.isEmpty()) {
      throw ApiErrors.hostNameInvalid("hostname empty");
    }
    if (hostname.length() > LONGEST) {
      throw ApiErrors.hostNameInvalid("hostname is too long");
    }
    if (!NAME.matcher(hostname).matches()) {
      throw ApiErrors.hostNameInvalid("hostname contains invalid characters");
    }
    boolean own = host.equals(OnlyPool.master(tx));
    return new Plan(UUID.fromString(record.uuid()), record.hostname(), own);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    machine.rename(plan.host(), hostname);
    certify(plan, hostname);
    return plan;
  }

  /** A certificate that cannot be made anew is no reason to go by the old name. */
  private void certify(Plan plan, String name) {
    if (plan.own()) {
      try {
        agent.renamed(name);
      } catch (IOException e) {
        LOG.warn("the certificate does not tell the name {}", name, e);
      }
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    Map<String, String> version = new HashMap<>(tx.get(ApiModel.HOST, host).softwareVersion());
    version.put("hostname", hostname);
    tx.update(
        ApiModel.HOST,
        host,
        h -> h.with(b -> b.hostname(hostname).softwareVersion(Map.copyOf(version))));
    List<Ref<Vm>> domains =
        tx.rows(ApiModel.VM)
            .filter(row -> row.record().isControlDomain())
            .filter(row -> row.record().residentOn().equals(host))
            .<Ref<Vm>>map(Row::ref)
            .toList();
    domains.forEach(vm ->
        tx.update(
            ApiModel.VM, vm, v -> v.with(b -> b.nameLabel("Control domain on host: " + hostname))));
  }

  @Override
  public void revert(Plan plan, Plan done) {
    try {
      machine.rename(plan.host(), plan.before());
      certify(plan, plan.before());
    } catch (DriverException e) {
      LOG.warn("the machine keeps the name {}", hostname, e);
    }
  }
}
