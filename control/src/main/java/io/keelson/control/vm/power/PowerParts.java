package io.keelson.control.vm.power;

import io.keelson.control.vm.domain.DomainEvents;
import io.keelson.control.vm.memory.MemoryBalancer;
import io.keelson.control.wlb.WorkloadBalancing;
import io.keelson.store.Store;
import java.util.random.RandomGenerator;

/** What the operations on a VM's power work with. */
record PowerParts(
    Store store,
    Runs runs,
    MemoryBalancer balancer,
    PowerStates states,
    VmAlerts alerts,
    SuspendImages images,
    DomainEvents events,
    WorkloadBalancing balancing,
    RandomGenerator random) {}
