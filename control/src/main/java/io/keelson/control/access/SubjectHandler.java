package io.keelson.control.access;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SubjectLifecycle;
import io.keelson.api.messages.SubjectRoles;
import io.keelson.api.model.Role;
import io.keelson.api.model.Subject;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Sessions;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Users and groups of the directory that may log in. A change ends the sessions it concerns. */
final class SubjectHandler implements SubjectLifecycle, SubjectRoles {
  private final Store store;
  private final Sessions sessions;

  SubjectHandler(Store store, Sessions sessions) {
    this.store = store;
    this.sessions = sessions;
  }

  @Override
  public Ref<Subject> create(Call call, Subject args) {
    return store.transact(tx -> {
      boolean known =
          tx.rows(ApiModel.SUBJECT)
              .anyMatch(r -> r.record().subjectIdentifier().equals(args.subjectIdentifier()));
      if (known) {
        throw ApiErrors.subjectAlreadyExists();
      }
      // Where roles can be given, nobody has one until then.
      return tx.create(
          ApiModel.SUBJECT, args.with(b -> b.uuid(UUID.randomUUID().toString()).roles(Set.of())));
    });
  }

  @Override
  public void destroy(Call call, Ref<Subject> self) {
    change(
        self,
        tx -> {
          tx.get(ApiModel.SUBJECT, self);
          tx.rows(ApiModel.SESSION)
              .filter(r -> r.record().subject().equals(self))
              .toList()
              .forEach(r ->
                  tx.update(ApiModel.SESSION, r.ref(), s -> s.with(b -> b.subject(Ref.none()))));
          tx.delete(ApiModel.SUBJECT, self);
        });
  }

  @Override
  public void addToRoles(Call call, Ref<Subject> self, Ref<Role> role) {
    change(
        self,
        tx -> {
          Set<Ref<Role>> roles = new LinkedHashSet<>(tx.get(ApiModel.SUBJECT, self).roles());
          if (tx.find(ApiModel.ROLE, role).isEmpty()) {
            throw ApiErrors.roleNotFound();
          }
          if (!roles.add(role)) {
            throw ApiErrors.roleAlreadyExists();
          }
          set(tx, self, roles);
        });
  }

  @Override
  public void removeFromRoles(Call call, Ref<Subject> self, Ref<Role> role) {
    change(
        self,
        tx -> {
          Set<Ref<Role>> roles = new LinkedHashSet<>(tx.get(ApiModel.SUBJECT, self).roles());
          if (!roles.remove(role)) {
            throw ApiErrors.roleNotFound();
          }
          set(tx, self, roles);
        });
  }

  @Override
  public List<String> getPermissionsNameLabel(Call call, Ref<Subject> self) {
    Snapshot state = store.snapshot();
    RoleGraph graph = new RoleGraph(state);
    return graph.names(graph.permissions(state.get(ApiModel.SUBJECT, self).roles()));
  }

  private static void set(Transaction tx, Ref<Subject> self, Set<Ref<Role>> roles) {
    tx.update(
        ApiModel.SUBJECT, self, s -> s.with(b -> b.roles(Collections.unmodifiableSet(roles))));
  }

  /** What a session may do was decided when it began, so it must not outlast the change. */
  private void change(Ref<Subject> self, Consumer<Transaction> work) {
    Snapshot before = store.snapshot();
    String identifier = before.get(ApiModel.SUBJECT, self).subjectIdentifier();
    Set<String> concerned = new LinkedHashSet<>();
    before
        .rows(ApiModel.SESSION)
        .filter(
            r -> r.record().subject().equals(self) || r.record().admittedBy().contains(identifier))
        .forEach(r -> concerned.add(r.ref().text()));
    store.change(work);
    sessions.closeAll((LiveSession s) -> concerned.contains(s.ref().text()));
  }
}
