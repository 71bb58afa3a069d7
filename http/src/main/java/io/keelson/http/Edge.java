package io.keelson.http;

import io.keelson.wire.JsonReader;
import io.keelson.wire.XmlReader;

/** What all connections share. */
record Edge(
    HttpLimits limits,
    BodyBudget budget,
    RouteTable routes,
    Pages pages,
    RpcEndpoint rpc,
    Authenticator authenticator,
    XmlReader xml,
    JsonReader json,
    Connections connections,
    Counters counters) {}
