package io.keelson.control.directory;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Role;
import io.keelson.api.model.Subject;
import io.keelson.control.access.RoleGraph;
import io.keelson.control.session.ExternalUsers.Answer;
import io.keelson.control.session.ExternalUsers.Known;
import io.keelson.control.session.ExternalUsers.NotAdmitted;
import io.keelson.control.session.Identity;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryEntry;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which users of the directory the pool's subjects admit, and with which rights. */
final class Admissions {
  private final Store store;

  Admissions(Store store) {
    this.store = store;
  }

  /**
   * Whether a user may log in: one in good standing whose own entry, or that of a group the user is
   * in at any depth, is among the subjects and has a role. The rights of all of them add up.
   *
   * @throws io.keelson.host.DirectoryException when the directory does not tell the groups
   */
  Answer of(Directory directory, DirectoryEntry user) {
    if (user.group()) {
      return new NotAdmitted("this is a group");
    }
    if (user.standing() != DirectoryEntry.Standing.GOOD) {
      return new NotAdmitted("the account " + user.standing().text());
    }
    Set<String> identifiers = new HashSet<>(directory.groups(user.identifier()));
    identifiers.add(user.identifier());
    Snapshot state = store.snapshot();
    // The user's own entry comes before those of groups.
    List<Row<Subject>> admitting =
        state
            .rows(ApiModel.SUBJECT)
            .filter(row -> identifiers.contains(row.record().subjectIdentifier()))
            .sorted(
                Comparator.comparing((Row<Subject> row) ->
                        !row.record().subjectIdentifier().equals(user.identifier()))
                    .thenComparing(row -> row.record().subjectIdentifier()))
            .toList();
    if (admitting.isEmpty()) {
      return new NotAdmitted("neither the user nor a group of the user may log in");
    }
    Set<Ref<Role>> roles =
        admitting.stream()
            .flatMap(row -> row.record().roles().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    RoleGraph graph = new RoleGraph(state);
    List<String> permissions = graph.names(graph.permissions(roles));
    if (permissions.isEmpty()) {
      return new NotAdmitted("the user has no role");
    }
    return new Known(
        new Identity.DirectoryUser(
            admitting.getFirst().ref(),
            user.name(),
            user.identifier(),
            admitting.stream().map(row -> row.record().subjectIdentifier()).toList(),
            permissions));
  }
}
