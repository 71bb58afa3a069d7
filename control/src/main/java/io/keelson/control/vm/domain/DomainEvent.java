package io.keelson.control.vm.domain;

import io.keelson.host.DomainListener;
import java.util.UUID;

/** Something that a domain did by itself. */
public record DomainEvent(UUID host, UUID vm, DomainListener.Change change) {}
