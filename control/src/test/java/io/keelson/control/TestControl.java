package io.keelson.control;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.RecordBuilder;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Value;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Session;
import io.keelson.api.model.User;
import io.keelson.api.model.Vm;
import io.keelson.control.gate.Caller;
import io.keelson.control.gate.Gate;
import io.keelson.control.gate.Outcome;
import io.keelson.control.host.Agent;
import io.keelson.control.session.Accounts;
import io.keelson.control.session.Identity;
import io.keelson.control.session.PasswordHash;
import io.keelson.control.session.Permissions;
import io.keelson.control.vm.power.LifecycleSettings;
import io.keelson.host.Drivers;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.JournaledStore;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** A control over a real store in a folder, with a pool, a host and the superuser. */
public final class TestControl implements AutoCloseable {
  public static final String PASSWORD = "correct horse";

  /** Slow as it has to be, so it is hashed once for all tests. */
  private static final PasswordHash HASH = PasswordHash.of(PASSWORD);

  public final TestClock clock = new TestClock();
  public final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  public final Store store;
  public final Control control;
  public final Gate gate;
  public final Ref<Host> host;
  public final Ref<Pool> pool;

  public TestControl(Path folder, Drivers drivers) {
    store = JournaledStore.open(new StoreConfig(folder, Control.derivation()));
    if (store.snapshot().table(ApiModel.POOL).size() == 0) {
      firstBoot();
    }
    pool = store.snapshot().rows(ApiModel.POOL).findFirst().orElseThrow().ref();
    host = store.snapshot().get(ApiModel.POOL, pool).master();
    control =
        new Control(
            store,
            drivers,
            clock,
            TestControl::resultText,
            pauses::add,
            LifecycleSettings.withKernels(List.of()),
            folder,
            Agent.NONE);
    control.start();
    gate = control.gate();
  }

  public TestControl(Path folder) {
    this(folder, Simulation.open(SimulationPlan.of(1)).drivers());
  }

  private void firstBoot() {
    store.change(tx -> {
      Ref<Host> master =
          tx.create(
              ApiModel.HOST,
              Host.builder()
                  .build()
                  .with(b -> b.uuid(uuid()).nameLabel("h1").enabled(true).hostname("h1")));
      tx.create(ApiModel.POOL, Pool.builder().build().with(b -> b.uuid(uuid()).master(master)));
      Accounts.createRoot(tx, HASH);
    });
  }

  /** A VM's record and nothing behind it. */
  public Ref<Vm> vm(String name) {
    return store.transact(tx ->
        tx.create(ApiModel.VM, Vm.builder().build().with(b -> b.uuid(uuid()).nameLabel(name))));
  }

  /** An object of a class, with a uuid and nothing else; the same one each time. */
  public <R extends ApiRecord> Ref<R> object(ApiClass<R> apiClass) {
    return store
        .snapshot()
        .rows(apiClass)
        .filter(r -> r.ref().text().startsWith("OpaqueRef:blank"))
        .map(Row::ref)
        .findFirst()
        .orElseGet(() ->
            store.transact(tx -> {
              Ref<R> ref = Ref.of("OpaqueRef:blank-" + apiClass.name());
              tx.create(apiClass, ref, withUuid(apiClass, apiClass.blank()));
              return ref;
            }));
  }

  private static <R extends ApiRecord> R withUuid(ApiClass<R> apiClass, R record) {
    RecordBuilder<R> builder = RecordBuilder.of(record);
    apiClass.field("uuid").ifPresent(f -> f.read(new Value.Text(uuid()), builder));
    return builder.build();
  }

  public Ref<User> root() {
    return store.snapshot().rows(ApiModel.USER).findFirst().orElseThrow().ref();
  }

  /** Opens a session of the superuser without a password. */
  public String session() {
    return control.sessions().open(new Identity.Superuser(root(), Accounts.ROOT), "").text();
  }

  /** Opens a session of somebody who has exactly the permissions of a role. */
  public String session(AccessRole role) {
    Permissions permissions = control.gate().permissions();
    Ref<Session> ref =
        control
            .sessions()
            .open(
                new Identity.DirectoryUser(
                    Ref.none(),
                    role.text(),
                    "sid-" + role.text(),
                    List.of(),
                    List.copyOf(permissions.of(role))),
                "");
    return ref.text();
  }

  /** Opens a session of somebody who may do nothing. */
  public String nobody() {
    Identity nobody =
        new Identity.DirectoryUser(Ref.none(), "nobody", "sid-nobody", List.of(), List.of());
    return control.sessions().open(nobody, "").text();
  }

  /** Calls with texts for arguments. */
  public Outcome call(String method, String... arguments) {
    return callWith(method, Arrays.stream(arguments).map(a -> (Value) new Value.Text(a)).toList());
  }

  public Outcome callWith(String method, List<Value> arguments) {
    return gate.call(method, arguments, new Caller("test"));
  }

  /** The answer as plain Java: texts, lists, maps. */
  public Object answer(String method, String... arguments) {
    return answer(call(method, arguments));
  }

  public static Object answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered(Reply reply) -> PlainSink.of(reply);
      case Outcome.BareArray(List<String> items) -> items;
      case Outcome.Failed(var error) -> throw error;
    };
  }

  /** Code and parameters of a failure; empty when there was none. */
  public static List<String> error(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered _, Outcome.BareArray _ -> List.of();
      case Outcome.Failed(var error) -> error.description();
    };
  }

  private static String resultText(Reply reply) {
    return "<value>" + PlainSink.of(reply) + "</value>";
  }

  private static String uuid() {
    return UUID.randomUUID().toString();
  }

  @Override
  public void close() {
    control.close();
    store.close();
  }
}
