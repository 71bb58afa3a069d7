package io.keelson.control;

import io.keelson.control.operation.Operations;
import io.keelson.control.task.TaskRows;
import io.keelson.host.Drivers;
import io.keelson.store.Store;
import java.time.Clock;

/** What handlers work with. */
public record Resources(
    Store store, Operations operations, TaskRows tasks, Drivers drivers, Clock clock) {}
