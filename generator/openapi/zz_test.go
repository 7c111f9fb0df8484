package openapi
import ("testing";"os";"fmt"
"github.com/seed-1954497d/auditgen/generator/source"
"github.com/seed-1954497d/auditgen/generator/claim")
func BenchmarkJira(b *testing.B){ d,_:=os.ReadFile("/work/shared/specs/jira-platform-2022-01-13.openapi.json"); b.ReportAllocs(); for b.Loop(){ if _,err:=Parse(source.File{"j.json",d},&claim.Source{}); err!=nil{b.Fatal(err)}}}
func TestX(t *testing.T){
for _,f:=range []string{"/work/shared/specs/jira-platform-2022-01-13.openapi.json","/work/shared/seeds/000_f8828cb466146121.txt"}{
d,_:=os.ReadFile(f)
doc,err:=Parse(source.File{"f",d},&claim.Source{})
if err!=nil {t.Fatal(err)}
fmt.Println(len(doc.Operations),len(doc.Schemas),len(doc.Notes))
for _,n:=range doc.Notes{fmt.Println(n, n.Pos.Pointer)}
if len(doc.Operations)<5{ for _,o:=range doc.Operations{ fmt.Println(o.Method,o.Path,o.Line,o.Facts); for _,p:=range o.Params{fmt.Println(*p)}; for _,p:=range o.Responses{fmt.Println(*p)}}}
}
}
