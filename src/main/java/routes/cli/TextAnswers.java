package routes.cli;

import java.io.PrintWriter;
import java.util.List;
import routes.event.OpsEvent;

/** For people: the event, the hooks that fire and where to, then those that don't and the clause that decided. */
record TextAnswers(PrintWriter out) implements Answers {

    @Override
    public void write(OpsEvent event, List<Line> lines) {
        int hook =
                lines.stream().mapToInt(line -> line.hook().id().length()).max().orElse(0);
        int why = lines.stream()
                .filter(line -> line.answer().fires())
                .mapToInt(line -> line.answer().why().length())
                .max()
                .orElse(0);
        out.print(event.subject() + "  " + event.id() + "\n");
        lines.stream()
                .filter(line -> line.answer().fires())
                .forEach(line -> out.print(String.format(
                        "  fires  %-" + hook + "s  %-" + Math.max(why, 1) + "s  -> %s%n",
                        line.hook().id(),
                        line.answer().why(),
                        line.answer().target())));
        lines.stream()
                .filter(line -> !line.answer().fires())
                .forEach(line -> out.print(String.format(
                        "  no     %-" + hook + "s  %s%n",
                        line.hook().id(),
                        line.answer().why())));
        out.print("\n");
    }
}
