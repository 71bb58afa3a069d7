package io.keelson.control.storage;

import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;

/** Makes a disk of what a client uploads; it is there once all of it is. */
record ImportNewVdi(StorageDrivers drivers, CreateVdi create, VdiUpload upload)
    implements Steps<CreateVdi.Plan, MadeVdi> {

  @Override
  public CreateVdi.Plan claim(Transaction tx, Claims claims) {
    return create.claim(tx, claims);
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

  @Override
  public void revert(CreateVdi.Plan plan, MadeVdi made) {
    create.revert(plan, made);
  }
}
