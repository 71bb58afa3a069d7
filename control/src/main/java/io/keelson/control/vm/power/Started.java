package io.keelson.control.vm.power;

import io.keelson.host.Domain;

/** A run that began: as it was planned, with the memory that there was for it. */
record Started(RunPlan run, Domain domain) {}
