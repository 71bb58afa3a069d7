/**
 * Networks, the network cards of VMs and the interfaces of hosts: the handlers of the messages of
 * network, VIF and PIF, their rules, and the derivation of their allowed operations.
 */
@NullMarked
package io.keelson.control.network;

import org.jspecify.annotations.NullMarked;
