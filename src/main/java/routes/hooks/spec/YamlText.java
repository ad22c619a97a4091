package routes.hooks.spec;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** YAML text as node trees, which know where each value was written. Nothing is ever constructed from tags. */
final class YamlText {

    /** The text is not YAML. Line and column count from 1. */
    static final class Unreadable extends Exception {
        final int line;
        final int column;

        private Unreadable(String message, int line, int column) {
            super(message);
            this.line = line;
            this.column = column;
        }
    }

    private YamlText() {}

    /** The documents of the text; empty ones (only comments) are left out. */
    static List<Node> documents(String text) throws Unreadable {
        List<Node> documents = new ArrayList<>();
        try {
            for (Node document : new Yaml(new LoaderOptions()).composeAll(new StringReader(text))) {
                if (document != null && !Tag.NULL.equals(document.getTag())) {
                    documents.add(document);
                }
            }
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            throw new Unreadable("is not YAML: " + context + e.getProblem(), mark.getLine() + 1, mark.getColumn() + 1);
        } catch (ReaderException e) {
            String before = text.substring(0, Math.min(text.length(), text.offsetByCodePoints(0, e.getPosition())));
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            throw new Unreadable(
                    String.format("is not YAML: the character U+%04X is not allowed", e.getCodePoint()),
                    line,
                    before.length() - before.lastIndexOf('\n'));
        } catch (YAMLException e) {
            throw new Unreadable("is not YAML: " + e.getMessage(), 1, 1);
        }
        return documents;
    }
}
