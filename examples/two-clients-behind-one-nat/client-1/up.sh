#!/bin/sh -e
# Client 1, behind the NAT: to the network of the server.
cd "$(dirname "$0")"
culvert ifconfig -f ifconfig.ipsec0
culvert setkey -f setkey.conf
culvert route add 192.168.100.0/24 172.16.1.1
culvert route add 2001:db8:100::/64 fd00:1::1
