package io.keelson.control.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Makes a disk of what a client uploads; it is there once all of it is. */
record ImportNewVdi(StorageDrivers drivers, CreateVdi create, VdiUpload upload)
    implements Steps<CreateVdi.Plan, MadeVdi> {

  /** The volume that an import makes, by the task that follows it: so that it is found again. */
  static UUID volume(String task) {
    return UUID.nameUUIDFromBytes(("import into " + task).getBytes(UTF_8));
  }

  @Override
  public CreateVdi.Plan claim(Transaction tx, Claims claims) {
    CreateVdi.Plan plan = create.claim(tx, claims);
    return new CreateVdi.Plan(plan.at(), plan.vdi(), volume(claims.task().text()), plan.size());
  }

  @Override
  public MadeVdi act(CreateVdi.Plan plan, Progress progress) {
    MadeVdi made = create.act(plan, progress);
    try {
      ImportVdi.write(drivers, plan.at(), plan.volume(), plan.size(), plan.vdi(), upload, progress);
      return new MadeVdi(
          plan.vdi(),
          ImportVdi.described(drivers, plan.at(), plan.volume()),
          drivers.space(plan.at()));
    } catch (RuntimeException failure) {
      create.revert(plan, made);
      throw failure;
    }
  }

  @Override
  public void settle(Transaction tx, CreateVdi.Plan plan, MadeVdi made) {
    create.settle(tx, plan, made);
  }
}
