package routes.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of IP addresses, such as {@code 10.0.0.0/8}. Reading one never asks DNS. An IPv4 address written as IPv6
 * ({@code ::ffff:10.0.0.1}) counts as the IPv4 address that it is.
 *
 * @param start any address of the block
 * @param bits how many leading bits all its addresses share: 0 to 32, for IPv6 to 128
 */
public record IpBlock(InetAddress start, int bits) {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]{1,42}");
    private static final Pattern CIDR = Pattern.compile("([^/]+)/([0-9]{1,3})");
    private static final int MAPPED = 96;

    /**
     * The address that is written out; empty for names, and for short or padded forms that systems read differently.
     */
    public static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** {@code 10.0.0.0/8}, or one address. */
    public static Optional<IpBlock> parse(String text) {
        Matcher cidr = CIDR.matcher(text);
        if (!cidr.matches()) {
            return address(text).map(address -> new IpBlock(address, length(address)));
        }
        return address(cidr.group(1)).flatMap(address -> {
            boolean mapped = cidr.group(1).contains(":") && length(address) == 32;
            int bits = Integer.parseInt(cidr.group(2)) - (mapped ? MAPPED : 0);
            return bits < 0 || bits > length(address) ? Optional.empty() : Optional.of(new IpBlock(address, bits));
        });
    }

    public boolean contains(InetAddress address) {
        byte[] mine = start.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xff : 0xff00 >> bits - bit;
            if (((mine[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int length(InetAddress address) {
        return address.getAddress().length * 8;
    }

    @Override
    public String toString() {
        return start.getHostAddress() + "/" + bits;
    }
}
