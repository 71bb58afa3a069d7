package io.keelson.control.storage;

import io.keelson.control.operation.Steps;

/**
 * Work that makes a disk. A larger operation (VM.clone, VM.copy, VM.provision) composes several,
 * and takes back those that are done already when a later one fails.
 *
 * @param <P> what the claim decided
 */
public interface VdiWork<P> extends Steps<P, MadeVdi> {

  /** Takes back what {@link #act} has done on the host; before it was settled. */
  @Override
  void revert(P plan, MadeVdi made);
}
