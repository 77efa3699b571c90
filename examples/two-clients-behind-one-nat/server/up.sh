#!/bin/sh -e
# The server: an interface for each client.
cd "$(dirname "$0")"
culvert ifconfig -f ifconfig.ipsec0
culvert ifconfig -f ifconfig.ipsec1
# A NAT may choose another port than the client’s: answer where the last authentic packet came from.
culvert sysctl -w net.interfaces.ipsec0.follow_peer=1 net.interfaces.ipsec1.follow_peer=1
culvert setkey -f setkey.conf
